"""Read-only tables over everything: worklist, consolidation, workbooks."""
