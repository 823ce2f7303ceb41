"""Kế hoạch: the annual reform plans, their appraisal and their consolidation."""
