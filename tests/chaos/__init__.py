"""`make chaos`: the whole house is killed, emptied and filled up while people work, and nothing acknowledged may be lost."""
