"""Measure courses of action on staff problems: what a good set considers, flags and reckons, and what no set may do.

cases     problems, with what must be considered, what is not known and what can be reckoned
scoring   a workspace held to its case
running   the problems worked through as an officer would, with the clock running
command   `stafwijzer eval run coa`"""
