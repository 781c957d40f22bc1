// A line of the last values, and the newest as a number.
import {h, svg} from './dom.js';

const MOST = 90;

export class Chart {
  #values = [];
  #line = svg('polyline');
  #number = h('b', {}, '–');
  #format;

  constructor(title, format) {
    this.#format = format;
    this.element = h('section', {class: 'card'}, h('h2', {}, title), this.#number,
      svg('svg', {viewBox: `0 0 ${MOST} 30`, preserveAspectRatio: 'none', 'aria-hidden': 'true'}, this.#line));
  }

  add(value) {
    if (value == null || Number.isNaN(value)) {
      return;
    }
    this.#values = [...this.#values, value].slice(-MOST);
    const most = Math.max(...this.#values) || 1;
    const first = MOST - this.#values.length;
    this.#line.setAttribute('points',
      this.#values.map((each, i) => `${first + i},${29 - (28 * each) / most}`).join(' '));
    this.#number.textContent = this.#format(value);
  }
}
