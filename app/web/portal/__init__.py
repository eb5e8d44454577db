"""The pages of the training bodies and of those who look: search, course, issue, annulment."""
