"""What a role may do in remote assistance."""
