// Stands in the bundle for the editor of FEEL that dmn-js brings: our cells are plain, and it writes style sheets into the page.
export default class FeelEditor {}
export class EditorView {}
