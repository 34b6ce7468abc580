// The drawing canvas; our own modules in static/designer/ drive it and bring all its words.
import Modeler from "bpmn-js/lib/Modeler";
import { getBusinessObject, is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { isExpanded, isInterrupting, isEventSubProcess } from "bpmn-js/lib/util/DiUtil";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";

export { Modeler, getBusinessObject, is, isAny, isExpanded, isInterrupting, isEventSubProcess };
