"""How dates and numbers are written in the languages that Django has no formats for.

``shopkit.core`` lets Django find them. A site that has formats of its own names them in Django's
FORMAT_MODULE_PATH, which wins.
"""
