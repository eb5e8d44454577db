"""The engine, the gate and the runner: what we rely on, and one story per end of each diagram."""
