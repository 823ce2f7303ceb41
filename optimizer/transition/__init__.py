"""From money per head to money per result: blocks of two kinds, year by year, before the pool is divided."""
