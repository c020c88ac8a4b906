"""The HTTP doorway of the house: one view class, one error shape, one kind of page."""
