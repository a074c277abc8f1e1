"""The adapter between Triton's Python backend and the domain: a file for each served model.

The only room that imports triton_python_backend_utils. `execute()` only enqueues; a thread of the model's own does the
work and answers on each request's response sender.
"""
