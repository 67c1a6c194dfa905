"""What becomes of documents after they were written: taken in, dated, marked, replaced, retired, deleted, proved.

Owners' work     Curation (curating), delete (deleting), Proof and prove (proving)
Intake           Intake (taking), Place (placing)
The index        PointWriter (pointing)"""
