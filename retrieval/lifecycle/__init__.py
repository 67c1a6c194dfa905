"""What becomes of documents after they were written: taken in, dated, marked, replaced, retired, deleted, proved.

Owners' work     Curation (curating), delete (deleting), prove (proving)
Intake           Intake (taking), make_version (making), place (placing), Held (recognising)
The index        PointWriter (pointing)"""
