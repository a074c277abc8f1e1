"""Live speech over WebSockets: connections and their limits, audio on its way to the model, interruption."""
