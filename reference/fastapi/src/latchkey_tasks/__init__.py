"""The core of the task API in Python: a drop-in for `api/`, under the same contract, tables and row security."""
