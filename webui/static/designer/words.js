// What bpmn-js shows, in Chinese; its own English is the key. What is missing is kept in `missing`.
export const missing = new Set();

const MOMENTS = { "start event": "开始事件", "boundary event": "边界事件", "end event": "结束事件",
  "intermediate catch event": "中间接收事件", "intermediate throw event": "中间发出事件" };
const TRIGGERS = { Message: "消息", Timer: "定时", Conditional: "条件", Signal: "信号", Error: "错误",
  Escalation: "升级", Compensation: "补偿", Cancel: "取消", Link: "链接", Terminate: "终止" };

const CHINESE = {
  "Activate hand tool": "移动画布",
  "Activate lasso tool": "框选",
  "Activate create/remove space tool": "增减间距",
  "Activate global connect tool": "连线",
  "Add lane above": "在上方加泳道",
  "Add lane below": "在下方加泳道",
  "Add text annotation": "加注释",
  "Align elements": "对齐",
  "Align elements left": "左对齐",
  "Align elements right": "右对齐",
  "Align elements center": "水平居中",
  "Align elements top": "顶端对齐",
  "Align elements bottom": "底端对齐",
  "Align elements middle": "垂直居中",
  "Append compensation activity": "接补偿活动",
  "Append conditional intermediate catch event": "接条件事件",
  "Append end event": "接结束事件",
  "Append gateway": "接网关",
  "Append intermediate/boundary event": "接中间事件",
  "Append message intermediate catch event": "接消息接收事件",
  "Append receive task": "接接收任务",
  "Append signal intermediate catch event": "接信号接收事件",
  "Append task": "接任务",
  "Append timer intermediate catch event": "接定时事件",
  "Append {type}": "接{type}",
  "Change element": "更改类型",
  "Change type": "更改类型",
  "Collection": "集合",
  "Connect to other element": "连到其他元素",
  "Connect using association": "用关联线连接",
  "Connect using data input association": "用数据关联连接",
  "Connect using sequence/message flow or association": "用顺序流、消息流或关联线连接",
  "Create data object reference": "新建数据对象",
  "Create data store reference": "新建数据存储",
  "Create end event": "新建结束事件",
  "Create expanded sub-process": "新建展开的子流程",
  "Create gateway": "新建网关",
  "Create group": "新建分组框",
  "Create intermediate/boundary event": "新建中间或边界事件",
  "Create pool/participant": "新建泳池",
  "Create start event": "新建开始事件",
  "Create task": "新建任务",
  "Create {type}": "新建{type}",
  "Delete": "删除",
  "Distribute elements": "均匀分布",
  "Distribute elements horizontally": "水平均匀分布",
  "Distribute elements vertically": "垂直均匀分布",
  "Divide into two lanes": "分成两条泳道",
  "Divide into three lanes": "分成三条泳道",
  "Loop": "循环",
  "Open {element}": "打开{element}",
  "Parallel multi-instance": "并行多实例",
  "Sequential multi-instance": "顺序多实例",
  "Participant multiplicity": "多个参与方",
  "Search in diagram": "在图中查找",
  "Toggle non-interrupting": "切换是否中断",
  "flow elements must be children of pools/participants": "流程元素须放在泳池内",
  "Data object must be placed within a pool/participant.": "数据对象须放在泳池内。",
  "Ad-hoc": "自由顺序",
  "Ad-hoc sub-process": "自由顺序子流程",
  "Ad-hoc sub-process (collapsed)": "自由顺序子流程（折叠）",
  "Ad-hoc sub-process (expanded)": "自由顺序子流程（展开）",
  "Business rule task": "规则任务",
  "Call activity": "调用规程",
  "Complex gateway": "复杂网关",
  "Conditional flow": "条件流",
  "Data object reference": "数据对象",
  "Data store reference": "数据存储",
  "Default flow": "默认流",
  "Empty pool/participant": "空泳池",
  "Empty pool/participant (removes content)": "空泳池（删除其中内容）",
  "Event-based gateway": "事件网关",
  "Event sub-process": "事件子流程",
  "Exclusive gateway": "排他网关",
  "Expanded pool/participant": "展开的泳池",
  "Inclusive gateway": "包容网关",
  "Manual task": "手工任务",
  "Parallel gateway": "并行网关",
  "Receive task": "接收任务",
  "Script task": "脚本任务",
  "Send task": "发送任务",
  "Sequence flow": "顺序流",
  "Service task": "服务任务",
  "Sub-process": "子流程",
  "Sub-process (collapsed)": "子流程（折叠）",
  "Sub-process (expanded)": "子流程（展开）",
  "Task": "任务",
  "Transaction": "事务",
  "User task": "人工任务",
  "Event based instantiating Gateway": "启动用事件网关",
  "Parallel Event based instantiating Gateway": "并行启动用事件网关",
  "element": "元素",
};

Object.keys(MOMENTS).forEach((moment) => {
  CHINESE[moment[0].toUpperCase() + moment.slice(1)] = MOMENTS[moment];
  Object.keys(TRIGGERS).forEach((trigger) => {
    CHINESE[`${trigger} ${moment}`] = TRIGGERS[trigger] + MOMENTS[moment];
    CHINESE[`${trigger} ${moment} (non-interrupting)`] = `${TRIGGERS[trigger]}${MOMENTS[moment]}（不中断）`;
  });
});

export function translation(lang) {
  function translate(template, given) {
    const values = given || {};
    if (lang === "zh" && !(template in CHINESE)) { missing.add(template); }
    const said = (lang === "zh" && CHINESE[template]) || template;
    return said.replace(/{([^}]+)}/g, (whole, name) => (name in values ? values[name] : whole));
  }
  return { translate: ["value", translate] };
}
