"""Outbound notices: 提醒, 催报 and 催办, one text for each person."""
