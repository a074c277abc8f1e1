"""The launcher: provides engines, then starts and stops tritonserver and the frontend together."""
