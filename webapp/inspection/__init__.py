"""Pages of the inspection: the audit as sentences, its chain, its export. Reading only."""
