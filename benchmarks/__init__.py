"""Quality, speed and memory, a program each. Tests hold some of the measures to a limit."""
