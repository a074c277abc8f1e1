"""Live speech over WebSockets: bounded connections, sound on its way to the model, interruption."""
