"""Trials: a process clicked through with the real engine and a clock turned by hand. Nothing is stored and nothing is done."""
