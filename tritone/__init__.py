"""The embedded launcher: engines, tritonserver and the frontend started and stopped as one."""
