"""Showing reports: pure functions of Reports and Traces, without any input or output."""
