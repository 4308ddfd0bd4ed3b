// One question at a time, and one more where it was asked meanwhile: the answer on its way may be from before.

/** @returns `again()`: a promise of an answer from after the call */
export function asking(ask) {
  let [wanted, going] = [0, null];
  async function run() {
    try {
      for (let asked; asked !== wanted;) {
        asked = wanted;
        await ask();
      }
    } finally {
      going = null;
    }
  }
  return () => {
    wanted++;
    return (going ??= run());
  };
}
