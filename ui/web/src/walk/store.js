// What is kept on the phone: visits that are not sent yet, the one that is being written, and whom one may visit.
// Signing out clears all of it (the server’s Clear-Site-Data).

const NAME = "secondlook-walks";

/** Rejects where the browser lets the page keep nothing. */
export function openStore(name = NAME) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("visits", { keyPath: "id" });
      asked.result.createObjectStore("page");
    };
    asked.onsuccess = () => resolve(new Store(asked.result));
    asked.onerror = () => reject(asked.error);
  });
}

class Store {
  #database;

  constructor(database) {
    this.#database = database;
  }

  /** Of this person, in the order in which they were written. */
  async visits(viewer) {
    const all = await this.#do("visits", "readonly", (store) => store.getAll());
    return all.filter((one) => one.viewer === viewer).sort((a, b) => a.at - b.at);
  }

  keep = (visit) => this.#do("visits", "readwrite", (store) => store.put(visit));
  drop = (id) => this.#do("visits", "readwrite", (store) => store.delete(id));
  read = (key) => this.#do("page", "readonly", (store) => store.get(key));
  write = (key, value) => this.#do("page", "readwrite", (store) => store.put(value, key));
  forget = (key) => this.#do("page", "readwrite", (store) => store.delete(key));

  /** Done once it is on the disk. */
  #do(table, mode, act) {
    return new Promise((resolve, reject) => {
      const change = this.#database.transaction(table, mode);
      const asked = act(change.objectStore(table));
      change.oncomplete = () => resolve(asked.result);
      change.onerror = change.onabort = () => reject(change.error);
    });
  }
}
