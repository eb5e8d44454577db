"""What we make of SpiffWorkflow: our own steps, evaluation and stored state. Only this folder and `engine.py` import it."""
