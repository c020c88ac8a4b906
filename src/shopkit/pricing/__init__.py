"""The one calculator of money: lines in, a quote out. It has no tables."""
