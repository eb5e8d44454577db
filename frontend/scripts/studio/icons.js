// Our own small pictures of the elements, 20 by 20, drawn with the colour of the text around them.
const shapes = {
  userTask: '<rect x="1.5" y="4" width="17" height="12" rx="2.5"/><circle cx="10" cy="8" r="1.8"/><path d="M6.6 13.6c0-4.4 6.8-4.4 6.8 0"/>',
  serviceTask: '<rect x="1.5" y="4" width="17" height="12" rx="2.5"/><circle cx="10" cy="10" r="2.4"/><path d="M10 6v1.4M10 12.6V14M6 10h1.4M12.6 10H14M7.2 7.2l1 1M11.8 11.8l1 1M12.8 7.2l-1 1M8.2 11.8l-1 1"/>',
  businessRuleTask: '<rect x="1.5" y="4" width="17" height="12" rx="2.5"/><path d="M5 7h10v6H5zM5 9.2h10M8.3 7v6"/>',
  callActivity: '<rect x="2" y="4.5" width="16" height="11" rx="2.5" stroke-width="2.6"/><path d="M6 10h7M10.5 7.5 13 10l-2.5 2.5"/>',
  subProcess: '<rect x="1.5" y="3" width="17" height="14" rx="2.5"/><circle cx="5" cy="10" r="1.6"/><path d="M7 10h2.2M12.4 10h1.2"/><rect x="9.4" y="8.3" width="3.2" height="3.4"/><circle cx="15" cy="10" r="1.4"/>',
  exclusiveGateway: '<path d="M10 1.5 18.5 10 10 18.5 1.5 10zM7.5 7.5l5 5M12.5 7.5l-5 5"/>',
  parallelGateway: '<path d="M10 1.5 18.5 10 10 18.5 1.5 10zM10 6.5v7M6.5 10h7"/>',
  startEvent: '<circle cx="10" cy="10" r="7.5"/>',
  endEvent: '<circle cx="10" cy="10" r="7" stroke-width="3"/>',
  messageStart: '<circle cx="10" cy="10" r="7.5"/><path d="M6 7.5h8v5H6zM6 7.5l4 3 4-3"/>',
  timerCatch: '<circle cx="10" cy="10" r="8"/><circle cx="10" cy="10" r="6"/><path d="M10 6.5V10l2.4 1.6"/>',
  messageCatch: '<circle cx="10" cy="10" r="8.3"/><circle cx="10" cy="10" r="6.3"/><path d="M6.8 8h6.4v4.2H6.8zM6.8 8l3.2 2.3L13.2 8"/>',
  errorEnd: '<circle cx="10" cy="10" r="7" stroke-width="3"/><path d="M6.8 13 8.6 8l2.4 3.4L13.2 7"/>',
  terminateEnd: '<circle cx="10" cy="10" r="7" stroke-width="3"/><circle cx="10" cy="10" r="3" fill="currentColor"/>',
  timerBoundary: '<path d="M6.5 10V3.5h12v10h-4"/><circle cx="8" cy="13" r="5.6"/><path d="M8 10v3l1.8 1.2"/>',
  errorBoundary: '<path d="M6.5 7V3.5h12v10h-4"/><circle cx="8" cy="13" r="5.6"/><path d="M5.2 15 7 11.2l2 2.6 1.8-3"/>',
  textAnnotation: '<path d="M8 3H4v14h4M8 7h9M8 10h9M8 13h6"/>',
  connect: '<path d="M2 15h8V5h7M14 2l3 3-3 3"/>',
  remove: '<path d="M3.5 5.5h13M8 5V3h4v2M5 5.5l1 12h8l1-12M8.5 8.5v6M11.5 8.5v6"/>',
  laneAbove: '<path d="M2 11h16v6H2zM2 11V3M18 11V3M10 9V3M7 6h6"/>',
  laneBelow: '<path d="M2 3h16v6H2zM2 9v8M18 9v8M10 11v6M7 14h6"/>',
  space: '<path d="M8 2v16M12 2v16M6 10H1M3 8l-2 2 2 2M14 10h5M17 8l2 2-2 2"/>',
  undo: '<path d="M6 3 2.5 6.5 6 10M3 6.5h8.5a5 5 0 0 1 0 10H7"/>',
  redo: '<path d="M14 3l3.5 3.5L14 10M17 6.5H8.5a5 5 0 0 0 0 10H13"/>',
  fit: '<path d="M2 7V2h5M13 2h5v5M18 13v5h-5M7 18H2v-5"/>',
};

/** The picture `name` as SVG text. */
export function icon(name) {
  return (
    '<svg class="app-studio__icon" viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" ' +
    `stroke-width="1.5" aria-hidden="true" focusable="false">${shapes[name]}</svg>`
  );
}
