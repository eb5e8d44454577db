// The drawing: bpmn-js with only those of its parts that our subset of BPMN needs. Its watermark stays as it is.
import AutoPlaceModule from "bpmn-js/lib/features/auto-place";
import AutoResizeModule from "bpmn-js/lib/features/auto-resize";
import BaseModeler from "bpmn-js/lib/BaseModeler";
import BendpointsModule from "diagram-js/lib/features/bendpoints";
import ConnectModule from "diagram-js/lib/features/connect";
import ConnectionPreviewModule from "diagram-js/lib/features/connection-preview";
import ContextPadModule from "diagram-js/lib/features/context-pad";
import CopyPasteModule from "bpmn-js/lib/features/copy-paste";
import CoreModule from "bpmn-js/lib/core";
import CreateModule from "diagram-js/lib/features/create";
import EditorActionsModule from "bpmn-js/lib/features/editor-actions";
import GridSnappingModule from "bpmn-js/lib/features/grid-snapping";
import InteractionEventsModule from "bpmn-js/lib/features/interaction-events";
import KeyboardModule from "bpmn-js/lib/features/keyboard";
import KeyboardMoveModule from "diagram-js/lib/navigation/keyboard-move";
import KeyboardMoveSelectionModule from "diagram-js/lib/features/keyboard-move-selection";
import LabelEditingModule from "bpmn-js/lib/features/label-editing";
import ModelingFeedbackModule from "bpmn-js/lib/features/modeling-feedback";
import ModelingModule from "bpmn-js/lib/features/modeling";
import MoveCanvasModule from "diagram-js/lib/navigation/movecanvas";
import MoveModule from "diagram-js/lib/features/move";
import OutlineModule from "bpmn-js/lib/features/outline";
import OverlaysModule from "diagram-js/lib/features/overlays";
import ReplaceModule from "bpmn-js/lib/features/replace";
import ResizeModule from "diagram-js/lib/features/resize";
import SelectionModule from "diagram-js/lib/features/selection";
import SnappingModule from "bpmn-js/lib/features/snapping";
import SpaceToolModule from "bpmn-js/lib/features/space-tool";
import ZoomScrollModule from "diagram-js/lib/navigation/zoomscroll";
import constancia from "./constancia.json";
import { ContextPad } from "./context_pad.js";
import { EnglishIds } from "./ids.js";
import { Placing } from "./placing.js";
import { SubsetRules } from "./rules.js";
import { Room } from "./spots.js";
import { registerTogether } from "./together.js";
import { translate } from "./spanish.js";

const LOOKING = [CoreModule, OverlaysModule, SelectionModule, MoveCanvasModule, ZoomScrollModule];
const DRAWING = [
  AutoPlaceModule,
  AutoResizeModule,
  BendpointsModule,
  ConnectModule,
  ConnectionPreviewModule,
  ContextPadModule,
  CopyPasteModule,
  CreateModule,
  EditorActionsModule,
  GridSnappingModule,
  InteractionEventsModule,
  KeyboardModule,
  KeyboardMoveModule,
  KeyboardMoveSelectionModule,
  LabelEditingModule,
  ModelingFeedbackModule,
  ModelingModule,
  MoveModule,
  OutlineModule,
  ReplaceModule,
  ResizeModule,
  SnappingModule,
  SpaceToolModule,
];
const OURS = {
  __init__: ["constanciaContextPad", "constanciaRules", "constanciaTogether"],
  bpmnFactory: ["type", EnglishIds],
  constanciaContextPad: ["type", ContextPad],
  constanciaPlacing: ["type", Placing],
  constanciaRoom: ["type", Room],
  constanciaRules: ["type", SubsetRules],
  constanciaTogether: ["factory", registerTogether],
};

class Drawing extends BaseModeler {
  constructor(options, modules) {
    super({ ...options, modules, moddleExtensions: { constancia } });
  }
}

/** A drawing inside `container`: to change if `editable`, else only to look at, move about and select. */
export function makeModeler(container, editable) {
  const own = { translate: ["value", translate] };
  if (!editable) return new Drawing({ container }, [...LOOKING, own]);

  return new Drawing({ container }, [...LOOKING, ...DRAWING, { ...own, ...OURS }]);
}
