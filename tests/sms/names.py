"""Names that many tests of SMS use."""

CONSOLE = "shopkit.sms.backends.console.ConsoleBackend"
MEMORY = "shopkit.sms.backends.memory.MemoryBackend"
FILE = "shopkit.sms.backends.file.FileBackend"
ESKIZ = "shopkit.sms.backends.eskiz.EskizBackend"
TWILIO = "shopkit.sms.backends.twilio.TwilioBackend"
FAILOVER = "shopkit.sms.backends.failover.FailoverBackend"

REFERENCE = "3f0e4b1c-0000-4000-8000-000000000001"
SECRET = "0123456789abcdef-callback"
# A port that nobody listens on.
NOWHERE = "http://127.0.0.1:9"
