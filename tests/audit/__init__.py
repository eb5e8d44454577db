"""The audit is green on an honest history, and each thing broken on purpose turns exactly its own invariant red."""
