"""What clients may send, whatever it comes as: a form, JSON, a query or a WebSocket message."""
