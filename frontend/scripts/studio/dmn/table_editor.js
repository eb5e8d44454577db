// The table: dmn-js with only those of its parts that our subset of DMN needs. Its watermark stays as it is.
import AddRuleModule from "dmn-js-decision-table/lib/features/add-rule";
import AnnotationsModule from "dmn-js-decision-table/lib/features/annotations/editor";
import CellSelectionModule from "dmn-js-decision-table/lib/features/cell-selection";
import ContextMenuModule from "table-js/lib/features/context-menu";
import CopyCutPasteModule from "dmn-js-decision-table/lib/features/copy-cut-paste";
import CopyCutPasteKeysModule from "dmn-js-decision-table/lib/features/copy-cut-paste/key-bindings";
import CreateInputsModule from "dmn-js-decision-table/lib/features/create-inputs";
import DataTypesModule from "dmn-js-shared/lib/features/data-types";
import DragAndDropModule from "dmn-js-decision-table/lib/features/drag-and-drop";
import EditingManager from "dmn-js-shared/lib/base/EditingManager";
import EditorActionsModule from "dmn-js-decision-table/lib/features/editor-actions";
import ExpressionLanguagesModule from "dmn-js-shared/lib/features/expression-languages";
import HeadEditorModule from "dmn-js-decision-table/lib/features/decision-table-head/editor";
import HitPolicyEditorModule from "dmn-js-decision-table/lib/features/hit-policy/editor";
import InteractionEventsModule from "table-js/lib/features/interaction-events";
import KeyboardModule from "dmn-js-decision-table/lib/features/keyboard";
import ModelingModule from "dmn-js-decision-table/lib/features/modeling";
import PropertiesEditorModule from "dmn-js-decision-table/lib/features/decision-table-properties/editor";
import RulesEditorModule from "dmn-js-decision-table/lib/features/decision-rules/editor";
import RulesMenuModule from "dmn-js-decision-table/lib/features/context-menu";
import SelectionModule from "table-js/lib/features/selection";
import SimpleBooleanModule from "dmn-js-decision-table/lib/features/simple-boolean-edit";
import SimpleModeModule from "dmn-js-decision-table/lib/features/simple-mode";
import SimpleNumberModule from "dmn-js-decision-table/lib/features/simple-number-edit";
import SimpleStringModule from "dmn-js-decision-table/lib/features/simple-string-edit";
import TableEditorActionsModule from "table-js/lib/features/editor-actions";
import Viewer from "dmn-js-decision-table/lib/Viewer";
import { HIT_POLICIES } from "dmn-js-decision-table/lib/features/hit-policy/HitPolicies";
import { translator } from "../spanish.js";
import sentences from "./spanish.json";

const PARTS = [
  AddRuleModule,
  AnnotationsModule,
  CellSelectionModule,
  ContextMenuModule,
  CopyCutPasteKeysModule,
  CopyCutPasteModule,
  CreateInputsModule,
  DataTypesModule,
  DragAndDropModule,
  EditorActionsModule,
  ExpressionLanguagesModule,
  HeadEditorModule,
  HitPolicyEditorModule,
  InteractionEventsModule,
  KeyboardModule,
  ModelingModule,
  PropertiesEditorModule,
  RulesEditorModule,
  RulesMenuModule,
  SelectionModule,
  SimpleBooleanModule,
  SimpleModeModule,
  SimpleNumberModule,
  SimpleStringModule,
  TableEditorActionsModule,
];
const OURS = ["UNIQUE", "COLLECT"];
// Of dmn-js' own list, so that it offers no more than the server takes.
HIT_POLICIES.splice(0, HIT_POLICIES.length, ...HIT_POLICIES.filter(({ value }) => OURS.includes(value.hitPolicy)));

class Table extends Viewer {
  getModules() {
    return [...super.getModules(), ...PARTS, { translate: ["value", translator(sentences)] }];
  }
}

class Manager extends EditingManager {
  _getViewProviders() {
    return [{ id: "decisionTable", opens: (element) => Boolean(element.decisionLogic), constructor: Table }];
  }
}

/** An editor of the one table of a file, inside `container`; `changed` is called after each change. */
export class TableEditor {
  #isImporting = false;

  constructor(container, changed) {
    this.manager = new Manager({
      container,
      common: {
        dataTypes: ["string", "integer", "boolean"],
        // Called otherwise than FEEL, it brings plain cells: its own editor of FEEL writes style sheets into the page.
        expressionLanguages: { options: [{ label: "S-FEEL", value: "s-feel" }], defaults: { editor: "s-feel" } },
      },
    });
    this.manager.on("viewer.created", ({ viewer }) => viewer.on("elements.changed", () => this.#isImporting || changed()));
  }

  async put(xml) {
    this.#isImporting = true;
    await this.manager.importXML(xml);
    this.#isImporting = false;
  }

  async xml() {
    return (await this.manager.saveXML({ format: true })).xml;
  }

  /** Go to the row with this number, counted from 1. */
  goTo(number) {
    this.#select(this.#get("sheet").getRoot().rows[number - 1]?.cells[0]);
  }

  /** Add a row with these conditions, and go on in the first of its cells that is empty. */
  addRow(conditions) {
    const row = this.#get("modeling").addRow({ type: "dmn:DecisionRule" });
    conditions.forEach((text, at) => this.#get("modeling").editCell(row.cells[at].businessObject, text));
    this.#select(row.cells[conditions.length]);
  }

  #select(cell) {
    if (cell) this.#get("selection").select(cell);
  }

  #get(part) {
    return this.manager.getActiveViewer().get(part);
  }
}
