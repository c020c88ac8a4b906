"""What happened is told to customers and staff, each in a language and on the ways they chose."""
