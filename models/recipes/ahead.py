"""Work that is done while the one before it is used."""

import queue
import threading


def ahead(items, depth=4):
    """Takes from an iterator in a thread of its own, so that the next batch is there when the last one is done."""
    waiting, over, stopped = queue.Queue(depth), object(), threading.Event()

    def put(item):
        while not stopped.is_set():
            try:
                return waiting.put(item, timeout=0.1)
            except queue.Full:
                continue

    def work():
        try:
            for item in items:
                put((item, None))
                if stopped.is_set():
                    return
            put((over, None))
        except BaseException as error:
            put((None, error))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while True:
            item, error = waiting.get()
            if error:
                raise error
            if item is over:
                return
            yield item
    finally:
        stopped.set()
        thread.join()
