"""The example project and the documents whose examples it is: run as a visitor runs them."""
