"""The inbox: tasks that wait for the offices one holds."""
