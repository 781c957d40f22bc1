// What is looked at again and again, until its page is left.
import {say} from './dom.js';

export async function poll(signal, millis, look) {
  await look();
  let failed = false;
  const again = async () => {
    if (signal.aborted) {
      return;
    }
    try {
      if (!document.hidden) {
        await look();
        if (failed) {
          say('');
        }
        failed = false;
      }
    } catch (error) {
      failed = true;
      say(`No answer, trying again: ${error.message}`);
    }
    setTimeout(again, millis);
  };
  setTimeout(again, millis);
}
