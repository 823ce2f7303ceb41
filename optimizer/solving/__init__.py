"""From problem to plan: compile once, search stage by stage, gate every answer with the exact audit."""
