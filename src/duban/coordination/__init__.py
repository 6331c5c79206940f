"""The problem ledger, and 请示, 报告 and 批示 registered by number."""
