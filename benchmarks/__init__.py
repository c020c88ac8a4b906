"""How fast the shop is, next to what it could be at best. Run by ``make bench``; see __main__."""
