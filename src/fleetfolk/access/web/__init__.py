"""The pages of roles: their list, one role, its switches by place."""
