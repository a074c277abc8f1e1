"""The web side of Tritone: Starlette in front, Triton behind; read app.py first."""
