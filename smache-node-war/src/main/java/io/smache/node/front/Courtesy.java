package io.smache.node.front;

import java.util.concurrent.Executor;

/**
 * Lets other threads run after each turn of an event loop that has sent something. Those that share
 * its cores, such as clients, balancers and other nodes, would otherwise wait until the scheduler
 * interrupts the loop, which takes milliseconds. For one event loop.
 */
final class Courtesy {
  private final Executor afterTurn;
  private boolean due;

  /**
   * Begins with nothing sent.
   *
   * @param afterTurn runs what is given to it when the loop has done all that it had to do
   */
  Courtesy(Executor afterTurn) {
    this.afterTurn = afterTurn;
  }

  /** Lets others run at the end of this turn. */
  void yieldLater() {
    if (!due) {
      due = true;
      afterTurn.execute(this::yieldNow);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it
  private void yieldNow() {
    due = false;
    Thread.yield();
  }
}
