"""The adapter between Triton's Python backend and the speech models: a file for each served model.

Only this package imports triton_python_backend_utils. `execute()` only queues requests. The model's own thread does the
work and answers on the response sender of each request.
"""
