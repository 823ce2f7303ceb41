"""The decision: awards and departures, approval on one page, and the answer each office reads."""
