"""Kill tests: a whole shop of its own is started, and things die while customers buy.

``make faults`` runs each scenario for some seconds, ``make faults LONG=1`` for minutes. They are
scripts and not collected by pytest: they kill what they have started, on free loopback ports, with
servers of their own in a temporary folder.
"""
