"""Quality and speed, measured side by side in one run. Tests hold some of the measures to a limit."""
