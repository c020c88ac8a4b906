"""What one-time codes announce."""

from shopkit.core.facts import Fact

code_issued = Fact("otp.issued")  # carries the challenge's id as text, never the code
