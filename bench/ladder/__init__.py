"""The pieces of bench/ladder.py, one idea a file.

    workloads   what is written: programs, and what they read (sources) or are compiled from (tools)
    rungs       in which ways it is written; limit: how fast the disk can be written at all
    measuring   one run: time, CPU (accounts), page cache (page_cache)
    checking    whether the output is right
    passes      what would disturb a measured run: latency of each call, system calls on the file
    rounds      which run comes when
    summary     medians and spread; rendering and plotting show them
"""
